// Errors, as the worker tells them.
({ text }) => {
  const fault = (error) => {
    const { name, message, stack, description } = Object(error);
    const isError = error instanceof Error || typeof message === 'string';
    return {
      name: isError ? String(name ?? 'Error') : '',
      message: (isError ? String(message) : text(error)).toWellFormed(),
      stack: String(stack ?? ''),
      description: description == null ? undefined : text(description).toWellFormed(),
    };
  };
  /** Puts faults in the place of values that cannot be written. */
  fault.replace = (values, faults) => values.map((value, at) => {
    try { JSON.stringify(value); return value; } catch (error) { faults.push([at, fault(error)]); return null; }
  });
  return fault;
}
