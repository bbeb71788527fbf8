"""The theory of EM in Rocq, for every dimension and number of components: `Statements.v` is what it says."""
