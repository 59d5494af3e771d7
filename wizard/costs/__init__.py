"""What it may cost, and the numbers that the sums rest on."""
