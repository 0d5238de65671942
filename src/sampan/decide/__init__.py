"""Which of the models may have a request, in which form, and which one should."""
