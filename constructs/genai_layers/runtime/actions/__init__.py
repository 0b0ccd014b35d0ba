"""The agent's function: a model asks for actions, a person approves those that change things, a tool does them."""
