"""What a reader gets as text, CSV, JSON and GeoDataFrames."""
