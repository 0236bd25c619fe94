"""What is done before anybody waits for it: searches compiled, the first edit prepared."""
