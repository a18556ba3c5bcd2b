# Refuses a PROGRAM that loads a library for networks or databases.
execute_process(COMMAND ldd "${PROGRAM}" OUTPUT_VARIABLE libraries RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT libraries MATCHES "libc\\.so")
  message(FATAL_ERROR "ldd says nothing about ${PROGRAM}:\n${libraries}")
endif()
if(libraries MATCHES "libssl|libsqlite3|libpq|libcurl|libyaml|libboost")
  message(FATAL_ERROR "${PROGRAM} loads ${CMAKE_MATCH_0}:\n${libraries}")
endif()
