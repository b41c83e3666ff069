import { sign, verify } from 'hono/jwt';
import { sha256 } from 'hono/utils/crypto';

export class Tokens {
  constructor(private readonly secret: string) {}

  async issue(id: number): Promise<string> {
    return sign({ sub: id, jti: await sha256(String(id)) }, this.secret);
  }

  async owner(token: string): Promise<number> {
    const claims = await verify(token, this.secret);
    return Number(claims.sub);
  }
}
