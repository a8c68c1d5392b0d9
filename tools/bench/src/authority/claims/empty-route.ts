import { Controller, HttpCode, Post } from '@nestjs/common';

/** The least that a route can be: the framework reads the body, and answers. */
@Controller('claims')
export class EmptyRoute {
  @Post()
  @HttpCode(201)
  claim() {
    return { state: 'open' };
  }
}
