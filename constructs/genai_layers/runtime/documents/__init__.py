"""Documents that people upload: asked for, waited for, told of, removed."""
