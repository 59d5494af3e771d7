"""What a result leads to on the screen: the paths, the action plan, the dates, the page to print."""
