"""What `import emtheory` offers: one verb a module, each with the immutable result that it returns.

The commands of the command line are made of the same verbs.
"""
