exports.tenantOf = (host) => ({ id: host.split('.')[0] });
