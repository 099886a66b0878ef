"""What reviewers decide: questions that imports left, what holders report, corrections, and many certificates at once
with a second yes."""
