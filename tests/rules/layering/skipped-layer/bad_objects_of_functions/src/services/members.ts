import { memberRepository } from '../repositories/members';

export const memberService = { list: () => memberRepository.list(20) };
