# The target demitasse_schema: the C++ classes of proto/, with their headers in the folders
# demitasse_schema_dirs. The target demitasse_schema_comments: a
# descriptor set that keeps the schema's comments, which are the tool's help.
function(demitasse_schema_library)
  find_package(Protobuf REQUIRED)
  set(proto_dir "${CMAKE_CURRENT_SOURCE_DIR}/proto")
  set(public_dir "${CMAKE_CURRENT_BINARY_DIR}/include/demitasse")
  set(private_dir "${CMAKE_CURRENT_BINARY_DIR}/private")
  file(MAKE_DIRECTORY "${public_dir}" "${private_dir}")

  add_custom_command(
    OUTPUT "${public_dir}/caffe.pb.cc" "${public_dir}/caffe.pb.h" "${private_dir}/caffe.desc"
    COMMAND protobuf::protoc "--proto_path=${proto_dir}" "--cpp_out=${public_dir}"
            --include_source_info "--descriptor_set_out=${private_dir}/caffe.desc" caffe.proto
    DEPENDS "${proto_dir}/caffe.proto" VERBATIM)
  add_custom_command(
    OUTPUT "${private_dir}/weights.pb.cc" "${private_dir}/weights.pb.h"
    COMMAND protobuf::protoc "--proto_path=${proto_dir}" "--cpp_out=${private_dir}" weights.proto
    DEPENDS "${proto_dir}/weights.proto" VERBATIM)

  add_custom_command(
    OUTPUT "${private_dir}/schema_comments.cpp"
    COMMAND "${CMAKE_COMMAND}" "-DINPUT=${private_dir}/caffe.desc"
            "-DOUTPUT=${private_dir}/schema_comments.cpp" -DNAME=kSchemaComments
            -P "${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed_file.cmake"
    DEPENDS "${private_dir}/caffe.desc" "${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed_file.cmake"
    VERBATIM)

  add_library(demitasse_schema OBJECT "${public_dir}/caffe.pb.cc" "${private_dir}/weights.pb.cc")
  # Programs use these classes, and whoever loads the library finds those of the first copy.
  set_target_properties(demitasse_schema PROPERTIES
    CXX_VISIBILITY_PRESET default VISIBILITY_INLINES_HIDDEN OFF)
  set_source_files_properties("${private_dir}/weights.pb.cc" PROPERTIES  # which are the library's own
                              COMPILE_OPTIONS -fvisibility=hidden)
  set(demitasse_schema_dirs "${CMAKE_CURRENT_BINARY_DIR}/include;${private_dir}")
  set(demitasse_schema_dirs "${demitasse_schema_dirs}" PARENT_SCOPE)
  target_include_directories(demitasse_schema SYSTEM
    PUBLIC ${demitasse_schema_dirs} PRIVATE "${public_dir}")
  target_compile_options(demitasse_schema PRIVATE  # whose lines are not ours
                         $<$<CONFIG:Coverage>:-fno-profile-arcs -fno-test-coverage>)
  target_link_libraries(demitasse_schema PUBLIC protobuf::libprotobuf)

  add_library(demitasse_schema_comments STATIC EXCLUDE_FROM_ALL
              "${private_dir}/schema_comments.cpp")
  add_dependencies(demitasse_schema_comments demitasse_schema)  # which makes caffe.desc
endfunction()
