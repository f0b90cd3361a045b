// What the Function and Function Item nodes have beside.
({ own, item, part, sees }) => {
  own('getWorkflowStaticData', (kind) => part('run').staticData(kind));
  own('helpers', part('self').helpers);
  own('getNodeParameter', (name, fallback) => sees.params?.[name] ?? fallback);
  own('getBinaryData', () => item()?.binary);
  own('setBinaryData', (data) => { item().binary = data; });
  own('getBinaryDataAsync', async () => item()?.binary);
  own('setBinaryDataAsync', async (data) => { item().binary = data; });
  return {};
}
