export const View = 'view';
