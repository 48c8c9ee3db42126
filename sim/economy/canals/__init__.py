"""Canals whose tariff goes by locks and size: the Panama Canal."""
