"""What a voyage costs: dated rates, canal tolls, the tariff of the Northern Sea Route, exchange rates."""
