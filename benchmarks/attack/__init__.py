"""`make attack`: what an adversary tries, counted, beside what the same attack found before."""
