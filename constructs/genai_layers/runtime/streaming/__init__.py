"""
Runs a handler that answers piece by piece, which Lambda's own loop for Python cannot.

`start` takes the place of that loop; it asks Lambda for events and sends each piece as it is made.
"""
