type Api = { member: { create(input: object): Promise<void> } };

export function announce(client: Api, email: string) {
  client.member.create({ email });
}
