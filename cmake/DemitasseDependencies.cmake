# The libraries Demitasse is built on, found by the build and, for programs that link the static
# library, by the installed package (cmake/DemitasseConfig.cmake.in).
#
# Sets demitasse_dependencies to the targets to link, by the options DEMITASSE_WITH_*, and
# demitasse_missing to the names of what was not found.
set(demitasse_dependencies)
set(demitasse_missing)

# demitasse_dependency(NAME [TARGET]): links TARGET, and notes NAME as missing if there is none.
macro(demitasse_dependency name)
  if(TARGET "${ARGN}")
    list(APPEND demitasse_dependencies "${ARGN}")
  else()
    list(APPEND demitasse_missing "${name}")
  endif()
endmacro()

# demitasse_library(NAME LIBRARY HEADER [SUFFIX...]): a library without a package file of its own,
# as the target Demitasse::NAME.
macro(demitasse_library name library header)
  find_library(DEMITASSE_${name}_LIBRARY ${library} PATH_SUFFIXES ${ARGN})
  find_path(DEMITASSE_${name}_INCLUDE_DIR ${header} PATH_SUFFIXES ${ARGN})
  mark_as_advanced(DEMITASSE_${name}_LIBRARY DEMITASSE_${name}_INCLUDE_DIR)
  if(DEMITASSE_${name}_LIBRARY AND DEMITASSE_${name}_INCLUDE_DIR AND NOT TARGET Demitasse::${name})
    add_library(Demitasse::${name} INTERFACE IMPORTED)
    set_target_properties(Demitasse::${name} PROPERTIES
      INTERFACE_LINK_LIBRARIES "${DEMITASSE_${name}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${DEMITASSE_${name}_INCLUDE_DIR}")
  endif()
  demitasse_dependency("${name}" Demitasse::${name})
endmacro()

# HDF5 as the target Demitasse::HDF5. Programs take its archive, if there is one: the shared library
# of Debian brings thirty others along, those of network protocols, and with them 10 ms at every
# start. Shared libraries cannot take the archive, whose code is not position independent.
macro(demitasse_find_hdf5)
  if(NOT HDF5_LIBRARIES)
    find_package(HDF5 QUIET COMPONENTS C)
  endif()
  if(HDF5_LIBRARIES AND NOT TARGET Demitasse::HDF5)
    set(demitasse_is_program "$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>")
    set(demitasse_hdf5_libraries)
    foreach(library IN LISTS HDF5_LIBRARIES)
      string(REGEX REPLACE "\\.so$" ".a" archive "${library}")
      if(library MATCHES "/libhdf5[^/]*\\.so$" AND EXISTS "${archive}")
        set(library "$<IF:${demitasse_is_program},${archive},${library}>")
      endif()
      list(APPEND demitasse_hdf5_libraries "${library}")
    endforeach()
    add_library(Demitasse::HDF5 INTERFACE IMPORTED)
    set_target_properties(Demitasse::HDF5 PROPERTIES
      INTERFACE_LINK_LIBRARIES "${demitasse_hdf5_libraries}"
      INTERFACE_INCLUDE_DIRECTORIES "${HDF5_INCLUDE_DIRS}")
  endif()
endmacro()

find_package(Threads QUIET)
demitasse_dependency("threads" Threads::Threads)
find_package(hwy QUIET)  # Highway: vector code chosen at run time
demitasse_dependency("Highway" hwy::hwy)
# Not its serial build, which must not be called by several threads at once.
demitasse_library(OpenBLAS openblas cblas.h openblas-pthread openblas)
if(DEMITASSE_WITH_OPENMP)
  find_package(OpenMP QUIET COMPONENTS CXX)
  demitasse_dependency("OpenMP" OpenMP::OpenMP_CXX)
endif()
if(DEMITASSE_WITH_ONEDNN)
  # Debian's dnnl-config.cmake asks for OpenCL's headers, which its library does not need here.
  demitasse_library(oneDNN dnnl dnnl.hpp)
endif()
if(DEMITASSE_WITH_PICTURES)
  find_package(PNG QUIET)
  demitasse_dependency("libpng" PNG::PNG)
  find_package(JPEG QUIET)
  demitasse_dependency("libjpeg" JPEG::JPEG)
endif()
if(DEMITASSE_WITH_HDF5)
  demitasse_find_hdf5()
  demitasse_dependency("HDF5" Demitasse::HDF5)
endif()
if(DEMITASSE_WITH_LMDB)
  demitasse_library(LMDB lmdb lmdb.h)
endif()
if(DEMITASSE_WITH_LEVELDB)
  demitasse_library(LevelDB leveldb leveldb/db.h)
endif()
