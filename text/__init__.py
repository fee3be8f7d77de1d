"""What Chinese and English text is made of; knows no report."""
