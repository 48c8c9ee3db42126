"""The pictures of a report that no other command draws: ice and speed along a route, and the parts of the cost."""
