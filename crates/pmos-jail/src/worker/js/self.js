// `this` of code.
({ sees, items, item, part, index }) => {
  const absent = (name) => async () => { throw new Error(`The helper "${name}" is not available here: use a node for it, such as HTTP Request`); };
  const helpers = {
    async prepareBinaryData(content, fileName, mimeType) {
      const dot = fileName?.lastIndexOf('.') ?? -1;
      const fileExtension = dot > 0 ? fileName.slice(dot + 1) : undefined;
      const { Buffer, mimeTypeOf } = part('buffer');
      return { data: Buffer.from(content).toString('base64'), mimeType: mimeType ?? mimeTypeOf(fileExtension), fileName, fileExtension };
    },
    async getBinaryDataBuffer(at, property) {
      const file = typeof at === 'number' ? item(at)?.binary?.[property] : at;
      if (file === undefined) throw new Error(`This operation expects the node's input data to contain a binary file '${property}', but none was found [item ${at}]`);
      return part('buffer').Buffer.from(file.data ?? '', 'base64');
    },
  };
  for (const name of ['httpRequest', 'httpRequestWithAuthentication', 'request', 'requestWithAuthentication', 'requestWithAuthenticationPaginated', 'requestOAuth1', 'requestOAuth2']) {
    helpers[name] = absent(name);
  }
  return {
    helpers,
    getWorkflowStaticData: (kind) => part('run').staticData(kind),
    getMode: () => sees.mode,
    getNode: () => ({ name: sees.node, id: sees.nodeId, typeVersion: sees.nodeVersion, parameters: sees.params }),
    getWorkflow: () => sees.workflow,
    getExecutionId: () => sees.execution?.id,
    getTimezone: () => sees.zone,
    getInputData: () => items(),
    getNodeParameter: (name, _at, fallback) => sees.params?.[name] ?? fallback,
    getItemIndex: index,
    continueOnFail: () => false,
  };
}
