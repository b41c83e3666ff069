declare const ambient: string
