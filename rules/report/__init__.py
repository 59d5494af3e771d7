"""What is told of the paths: reasons, steps, questions, deadlines, sources."""
