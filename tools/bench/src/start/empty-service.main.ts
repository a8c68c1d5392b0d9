import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

// The least that a service of this kind can be: Nest, and nothing in it.
@Module({})
class Nothing {}

await NestFactory.createApplicationContext(Nothing, { logger: false });
console.log('ready');
setInterval(() => {}, 60_000);
