using Xunit.Sdk;
using Xunit.v3;

// Loads disturb each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
