"""Makes the table of a knowledge base in Aurora, which CloudFormation cannot."""
