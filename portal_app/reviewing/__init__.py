"""What reviewers decide: questions that imports left, corrections, and many certificates at once with a second yes."""
