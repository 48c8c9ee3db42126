"""The live map: one page with the sea network inside, which searches routes in the browser."""

from sim.web.page import explore_page

__all__ = ["explore_page"]
