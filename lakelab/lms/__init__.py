"""What learning management systems call things: files of their downloads, people, columns of their gradebooks."""
