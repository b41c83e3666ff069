export const save = (request) => request.body;
