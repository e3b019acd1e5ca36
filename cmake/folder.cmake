# folder(NAME FILES m... NEEDS library...): the library of one folder.
#
# Each m names m.c, m.h or both. Headers form a header set, so that the target
# all_verify_interface_header_sets compiles each of them alone.
function(folder name)
	cmake_parse_arguments(it "" "" "FILES;NEEDS" ${ARGN})
	set(sources)
	set(headers)
	foreach(m ${it_FILES})
		if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${m}.c)
			list(APPEND sources ${m}.c)
		endif()
		if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${m}.h)
			list(APPEND headers ${m}.h)
		endif()
		if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${m}.c AND
				NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${m}.h)
			message(FATAL_ERROR "${name}: no ${m}.c nor ${m}.h")
		endif()
	endforeach()
	add_library(${name} STATIC ${sources})
	target_sources(${name} PUBLIC FILE_SET HEADERS
		BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
	set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C
		VERIFY_INTERFACE_HEADER_SETS ON)
	target_link_libraries(${name} PUBLIC flags ${it_NEEDS})
endfunction()
