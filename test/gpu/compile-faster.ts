/**
 * For tests of kernels that run for an instant, imported for its effect: lavapipe's compiler does not optimize, which takes
 * a third of its time off, and what the kernels compute is the same.
 */
process.env.GALLIVM_PERF ??= "nopt";
