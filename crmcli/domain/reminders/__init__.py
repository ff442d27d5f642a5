"""What is due: findings about deals, tasks and customers, and who is to hear of each."""
