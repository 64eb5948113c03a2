// Registers nothing.
extern "C" int NothingOfUse() { return 0; }
