"""Many voyages of one study file: drawn, sailed on any number of workers, and kept as Parquet."""
