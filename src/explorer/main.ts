import { openClient } from './compute/client.ts';
import { openPage } from './page/page.ts';

openPage(openClient());
