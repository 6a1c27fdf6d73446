/* libFuzzer saves an input that ends in a signal, and loses one that ends in _exit: so hd_bug and
 * hd_mem_exhausted must abort. Linked with --wrap=_exit. */

#include <stdlib.h>

__attribute__((noreturn)) void __wrap__exit(int code);

void __wrap__exit(int code)
{
    (void)code;
    abort();
}
