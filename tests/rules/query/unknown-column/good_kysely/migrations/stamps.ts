export const stamps = (builder: any) => builder.addColumn('created_at', 'timestamp')
