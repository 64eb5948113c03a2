# Finds HDF5. Programs take its archive, if there is one: the shared library of Debian brings thirty
# others along, those of network protocols, and with them 10 ms at every start. Shared libraries
# cannot take the archive, whose code is not position independent.
macro(demitasse_find_hdf5)
  find_package(HDF5 ${ARGN} COMPONENTS C)
  set(demitasse_is_program "$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>")
  set(demitasse_hdf5_libraries)
  foreach(library IN LISTS HDF5_LIBRARIES)
    string(REGEX REPLACE "\\.so$" ".a" archive "${library}")
    if(library MATCHES "/libhdf5[^/]*\\.so$" AND EXISTS "${archive}")
      set(library "$<IF:${demitasse_is_program},${archive},${library}>")
    endif()
    list(APPEND demitasse_hdf5_libraries "${library}")
  endforeach()
  set(HDF5_LIBRARIES "${demitasse_hdf5_libraries}")
endmacro()
