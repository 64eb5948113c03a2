/* A program in C, for the tests. */
#ifndef DEMITASSE_TESTS_C_API_C_PROGRAM_H_
#define DEMITASSE_TESTS_C_API_C_PROGRAM_H_

#ifdef __cplusplus
extern "C" {
#endif

/* Classifies, trains and fails as a program in C99 would; writes weights to the file `path`. The
   line of the source at which something was not as expected; 0 if all was. */
int RunCProgram(const char* path);

#ifdef __cplusplus
}
#endif

#endif /* DEMITASSE_TESTS_C_API_C_PROGRAM_H_ */
