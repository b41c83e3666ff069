export const listening = (info) => console.log(info.port);
