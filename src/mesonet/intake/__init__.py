"""What is sent becomes what is observed: the same for every way on which observations come. Below functions, above stores."""
