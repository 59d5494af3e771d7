"""From facts to paths: logic, criteria, policies, appeals, deadlines, order."""
