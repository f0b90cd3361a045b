// What few codes read of the run.
({ sees, refuse }) => {
  const { stringify } = JSON;
  // Only what the operator allows is there.
  const env = new Proxy(sees.env ?? {}, { get: (all, name) => Object.hasOwn(all, name) ? all[name] : refuse('access to env vars denied') });

  // Static data is given back if it was changed.
  let before, kept;
  const staticData = (kind) => {
    const name = kind === 'global' ? 'global' : kind === 'node' ? `node:${sees.node}` : refuse(`The context type of "${kind}" is not known. Only "global" and "node" are supported.`);
    if (kept === undefined) {
      kept = sees.staticData ?? {};
      before = stringify(kept);
    }
    return kept[name] ??= {};
  };
  const changedData = () => kept !== undefined && stringify(kept) !== before ? kept : undefined;

  // `$execution.customData`, with n8n's bounds.
  const data = { ...sees.customData };
  let isChanged = false;
  const set = (key, value) => {
    if (typeof key !== 'string') throw new Error(`Custom data key must be a string (key "${key}")`);
    if (/[^A-Za-z0-9_]/.test(key)) throw new Error(`Custom data key can only contain characters "A-Za-z0-9_" (key "${key}")`);
    if (!['string', 'number', 'boolean'].includes(typeof value)) throw new Error(`Custom data value must be a string or number (key "${key}")`);
    key = key.slice(0, 50);
    if (Object.keys(data).length >= 10 && !(key in data)) return;
    data[key] = String(value).slice(0, 512);
    isChanged = true;
  };
  const customData = {
    set,
    get: (key) => data[key],
    setAll: (all) => { for (const [key, value] of Object.entries(all)) set(key, value); },
    getAll: () => ({ ...data }),
  };
  return { env, staticData, changedData, execution: { ...sees.execution, customData }, custom: () => isChanged ? data : undefined };
}
