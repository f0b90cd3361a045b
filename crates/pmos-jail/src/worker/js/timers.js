// Timers. The worker sleeps until the next is due, then calls `fire`.
({ text, log }) => {
  const clock = Date.now;
  let timers = [], last = 0;
  const clear = (id) => { timers = timers.filter((timer) => timer.id !== id); };
  const add = (repeats) => (call, delay, ...args) => {
    if (typeof call !== 'function') throw new TypeError(`The "callback" argument must be of type function. Received ${text(call)}`);
    const ms = Math.max(1, Math.min(+delay || 0, 2 ** 31 - 1));
    timers.push({ id: ++last, due: clock() + ms, repeats: repeats && ms, call: () => call(...args) });
    return last;
  };
  const next = () => timers.length === 0 ? -1 : Math.max(0, timers.reduce((first, timer) => Math.min(first, timer.due), Infinity) - clock());
  const fire = () => {
    const now = clock();
    for (const timer of timers.filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due || a.id - b.id)) {
      if (timer.repeats) timer.due = now + timer.repeats; else clear(timer.id);
      try { timer.call(); } catch (error) { log(error); }
    }
  };
  return { after: add(false), every: add(true), clear, next, fire };
}
