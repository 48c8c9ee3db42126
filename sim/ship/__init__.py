"""Ships: particulars, power, fuel, speed in open water and in ice."""
