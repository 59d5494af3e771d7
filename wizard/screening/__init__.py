"""A table of people: uploaded, screened, shown as a worklist, downloaded."""
